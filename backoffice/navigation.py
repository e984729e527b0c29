def environment(request):
    return None
def sidebar(request):
    return []
