from django.db import models


class YearTotal(models.Model):
    """One person's credits of one year by kind: always the sum of the ledger, kept beside it for quick reading."""

    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="会计人员")
    year = models.PositiveSmallIntegerField("年度")
    public = models.DecimalField("公需课学分", max_digits=8, decimal_places=2, default=0)
    professional = models.DecimalField("专业课学分", max_digits=8, decimal_places=2, default=0)
    general_professional = models.DecimalField("其中专业通识", max_digits=8, decimal_places=2, default=0)

    class Meta:
        verbose_name = verbose_name_plural = "年度学分"
        constraints = [models.UniqueConstraint(fields=["profile", "year"], name="year_total_one_per_year")]

    def __str__(self):
        return f"{self.year} 年度 {self.total} 学分"

    @property
    def total(self):
        return self.public + self.professional
