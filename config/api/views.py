from __future__ import annotations

from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.views import APIView


class Root(APIRootView):
    """The lists there are."""

    permission_classes = (IsAuthenticated,)


class NothingHere(APIView):
    """Answers every address that is none of ours in the API's own shape."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, address: str) -> None:
        hint = "" if address.endswith("/") else " Our addresses end in a slash."
        raise NotFound(f"There is no such address in the API.{hint}", code="no_such_address")

    def get(self, request: Request, address: str) -> Response:
        raise NotImplementedError
