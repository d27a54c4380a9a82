"""Lists that come in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from copy import copy
from typing import Any, Generic, TypeVar

from toolkit.runtime.errors import RepeatedPage
from toolkit.runtime.message import attribute_of

Page = TypeVar("Page")
Item = TypeVar("Item")


class _Turner:
    """Leafs from request to request."""

    def __init__(self, request: Any) -> None:
        self.request = copy(request)
        self._token = attribute_of(type(request), "page_token")
        self._seen = {getattr(request, self._token)}

    def turn(self, page: Any) -> bool:
        """Make the request that of the page after this one; False where there is none."""
        token: str = getattr(page, attribute_of(type(page), "next_page_token"))
        if not token:
            return False
        if token in self._seen:
            raise RepeatedPage(token)
        self._seen.add(token)
        self.request = copy(self.request)
        setattr(self.request, self._token, token)
        return True


class _Pages:
    def __init__(self, call: Callable[..., Any], request: Any, options: Mapping[str, Any], items: str) -> None:
        self._call = call
        self._request = request
        self._options = options
        self._items = items


class Pager(_Pages, Generic[Page, Item]):
    """Iterates over what is on all pages; :meth:`pages` over the pages themselves.

    A page is asked for when it is needed, each within the timeout of the
    call, and the request stays as it is. Each iteration begins with the
    request's own page. A page token that comes a second time raises
    :class:`RepeatedPage`, where the calls would not end.
    """

    def __init__(self, call: Callable[..., Page], request: Any, options: Mapping[str, Any], items: str) -> None:
        super().__init__(call, request, options, items)

    def pages(self) -> Iterator[Page]:
        """The pages, each asked for when it is needed."""
        turner = _Turner(self._request)
        while True:
            page: Page = self._call(turner.request, **self._options)
            yield page
            if not turner.turn(page):
                return

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from getattr(page, self._items)


class AsyncPager(_Pages, Generic[Page, Item]):
    """The same for asynchronous code."""

    def __init__(
        self, call: Callable[..., Awaitable[Page]], request: Any, options: Mapping[str, Any], items: str
    ) -> None:
        super().__init__(call, request, options, items)

    async def pages(self) -> AsyncIterator[Page]:
        """The pages, each asked for when it is needed."""
        turner = _Turner(self._request)
        while True:
            page: Page = await self._call(turner.request, **self._options)
            yield page
            if not turner.turn(page):
                return

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in getattr(page, self._items):
                yield item
