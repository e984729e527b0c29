"""Where something broke, without the data it broke on."""


def place_of(error: BaseException) -> str:
    """ "ZeroDivisionError di core/x.py:12": the text of an error may quote a row, so that it is left out."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} at {place}"
