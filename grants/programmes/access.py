"""Who opens a call and a programme by their number."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from grants.programmes.models import Call, CallChange, Programme, Sketch
from portal.accounts.models import User


def call_for(user: User, pk: int) -> Call:
    if not user.is_office:
        raise Http404
    return get_object_or_404(Call, pk=pk)


def programme_for(user: User, pk: int) -> Programme:
    if not user.is_office:
        raise Http404
    return get_object_or_404(Programme, pk=pk)


def change_for(user: User, pk: int) -> CallChange:
    if not user.is_office:
        raise Http404
    return get_object_or_404(CallChange.objects.select_related("call__programme"), pk=pk)


def sketch_for(user: User, pk: int) -> Sketch:
    if not user.is_office:
        raise Http404
    return get_object_or_404(Sketch.objects.select_related("base", "made"), pk=pk)
