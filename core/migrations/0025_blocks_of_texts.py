from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat, Replace, StrIndex, Substr
from django.db import models


def write_blocks(apps, schema_editor):
    """Words as `core/documents/words.py` writes them now: the block in front, one mark, `yy` before what a paper says.

    Until now what cases add stood first behind the mark `yy`, then what the paper says behind `zz`.
    """
    texts = apps.get_model("core", "DocumentText").objects
    own = StrIndex(F("words"), Value(" zz"))
    size = 4096
    last = texts.order_by("-pk").values_list("pk", flat=True).first() or 0
    for block in range(last // size + 1):
        some = texts.filter(pk__gte=block * size, pk__lt=(block + 1) * size)
        some.filter(words__contains=" zz").exclude(words__startswith=" xx").update(
            words=Concat(
                Value(f" xx{block}"),
                Replace(Substr(F("words"), 1, own - 1), Value(" yy"), Value(" zz")),
                Value(" yy"),
                Substr(F("words"), own),
                output_field=models.TextField(),
            )
        )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("core", "0024_integrity")]

    operations = [migrations.RunPython(write_blocks, migrations.RunPython.noop)]
