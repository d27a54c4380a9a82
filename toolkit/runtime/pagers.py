"""Lists that come in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from copy import copy
from typing import Any, Generic, TypeVar

Page = TypeVar("Page")
Item = TypeVar("Item")


class Pager(Generic[Page, Item]):
    """Iterates over what is on all pages; :meth:`pages` over the pages themselves."""

    def __init__(self, call: Callable[..., Page], request: Any, options: Mapping[str, Any], items: str) -> None:
        self._call = call
        self._request = request
        self._options = options
        self._items = items

    def pages(self) -> Iterator[Page]:
        """The pages, each asked for when it is needed."""
        request = copy(self._request)
        while True:
            page = self._call(request, **self._options)
            yield page
            token = getattr(page, "next_page_token", "")
            if not token:
                return
            request.page_token = token

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from getattr(page, self._items)


class AsyncPager(Generic[Page, Item]):
    """The same for asynchronous code."""

    def __init__(
        self, call: Callable[..., Awaitable[Page]], request: Any, options: Mapping[str, Any], items: str
    ) -> None:
        self._call = call
        self._request = request
        self._options = options
        self._items = items

    async def pages(self) -> AsyncIterator[Page]:
        """The pages, each asked for when it is needed."""
        request = copy(self._request)
        while True:
            page = await self._call(request, **self._options)
            yield page
            token = getattr(page, "next_page_token", "")
            if not token:
                return
            request.page_token = token

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in getattr(page, self._items):
                yield item
