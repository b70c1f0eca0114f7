import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from collection import pinyin
from education.choices import CourseKind
from education.models.institution import Institution

NOT_NEGATIVE = MinValueValidator(0, "不能小于 0，请核对。")


class OfferingQuerySet(models.QuerySet):
    def open_for(self, division_prefixes):
        """Catalogue rows of filed schools that cover one of these division prefixes."""
        covered = OfferingDivision.objects.filter(prefix__in=division_prefixes).values("offering_id")
        return self.filter(pk__in=covered, is_open=True, institution__filed=True)


class Offering(models.Model):
    """学习资源: what one institution offers of one kind in one year, in the divisions it is filed for."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="offerings", verbose_name="学习机构"
    )
    kind = models.CharField("类别", max_length=12, choices=CourseKind)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("课程名称", max_length=80)
    title_pinyin = models.CharField("拼音", max_length=300, blank=True)
    intro = models.CharField("课程简介", max_length=120, blank=True)
    hours = models.DecimalField(
        "学时", max_digits=6, decimal_places=1, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    max_credits = models.DecimalField(
        "最高学分", max_digits=6, decimal_places=2, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    price = models.DecimalField(
        "价格（元）", max_digits=8, decimal_places=2, default=0, validators=[NOT_NEGATIVE]
    )
    is_open = models.BooleanField("开放", default=True)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习资源"
        indexes = [models.Index(fields=["year", "kind"], name="offering_by_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "year"], name="offering_one_per_kind_and_year"
            ),
            models.CheckConstraint(condition=Q(year__gte=2021), name="offering_since_2021"),
            models.CheckConstraint(
                condition=~Q(kind=CourseKind.PUBLIC) | Q(price=0), name="offering_public_course_is_free"
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, hours__gte=0, max_credits__gte=0), name="offering_nothing_negative"
            ),
        ]

    def __str__(self):
        return f"{self.institution} {self.year} 年度{self.get_kind_display()}"

    def save(self, *args, update_fields=None, **kwargs):
        """The key that finds the title follows it, as a school's follows its name."""
        if update_fields is None or "title" in update_fields:
            self.title_pinyin = f"{pinyin.spelled(self.title)[:200]} {pinyin.initials(self.title)}"[:300]
            update_fields = update_fields and {*update_fields, "title_pinyin"}
        super().save(*args, update_fields=update_fields, **kwargs)


class OfferingDivision(models.Model):
    """One division prefix (44, 4401, 440106, 440000-B) that an offering is filed for."""

    offering = models.ForeignKey(Offering, models.CASCADE, related_name="divisions", verbose_name="学习资源")
    prefix = models.CharField(
        "行政区划代码", max_length=9, help_text="44 全省，4401 广州市，440106 天河区，440000-B 省本级"
    )

    class Meta:
        verbose_name = verbose_name_plural = "备案区划"
        constraints = [models.UniqueConstraint(fields=["prefix", "offering"], name="offering_division_once")]

    def __str__(self):
        return self.prefix
