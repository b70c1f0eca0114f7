"""Pages over tables of millions of rows."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class CappedPaginator(Paginator):
    """Counts no further than `cap` rows: beyond that people narrow their search instead of turning pages."""

    cap = 5000

    @cached_property
    def count(self):
        """The number of rows, or the cap where there are more."""
        rows = self.object_list
        if not hasattr(rows, "query"):
            return len(rows)
        return rows.order_by()[: self.cap].count()
