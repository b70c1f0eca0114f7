"""Who somebody is: the account, and the person behind an accountant's."""

import uuid
from types import MappingProxyType

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from accounting_platform.lib.documents import comparison_form
from accounting_platform.lib.encryption import EncryptedTextField, keyed_hash
from accounting_platform.lib.errors import DomainError
from registration.choices import DOCUMENT_TYPE_CHOICES, Gender, UserKind


class UserManager(BaseUserManager):
    def create_user(self, username, password=None, **fields):
        """One account with a hashed password; `kind` decides what it may do."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        """A province administrator with every right."""
        fields = {"kind": UserKind.STAFF, "is_superuser": True, "division_scope": "44"} | fields
        return self.create_user(username, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. An accountant's username is the keyed hash of document type and number."""

    username = models.CharField("登录名", max_length=64, unique=True)
    kind = models.CharField("类别", max_length=11, choices=UserKind, default=UserKind.ACCOUNTANT)
    display_name = models.CharField("显示名称", max_length=60, blank=True)
    division_scope = models.CharField(
        "管辖区划代码", max_length=9, blank=True, help_text="44 全省，4401 广州市，440106 天河区"
    )
    is_active = models.BooleanField("可登录", default=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self):
        return self.get_full_name() or f"{self.get_kind_display()} {self.pk}"

    def get_full_name(self):
        """The name shown for this account; never the look-up key of a document."""
        return self.display_name or (self.username if self.is_staff else "")

    get_short_name = get_full_name

    @property
    def is_staff(self):
        return self.kind == UserKind.STAFF


class Accountant(models.Model):
    """会计人员: a person, as proven at registration. The six immutable items live here."""

    OF_THE_DOCUMENT = ("name", "document_type", "document_number")
    IMMUTABLE = (*OF_THE_DOCUMENT, "gender", "birth_date", "country")
    # Empty for somebody new.
    as_read = MappingProxyType({})

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, models.PROTECT, verbose_name="账号")
    name = models.CharField("姓名", max_length=30, db_index=True)
    name_pinyin = models.CharField("姓名拼音", max_length=200, db_index=True)
    document_type = models.CharField("证件类型", max_length=20, choices=DOCUMENT_TYPE_CHOICES)
    document_number = EncryptedTextField("证件号码")
    document_key = models.CharField("证件号码查找键", max_length=64)
    phone = EncryptedTextField("手机号码")
    phone_key = models.CharField("手机号码查找键", max_length=64, db_index=True)
    gender = models.CharField("性别", max_length=6, choices=Gender, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    country = models.CharField("所属国家", max_length=3, blank=True)
    works_in_guangdong = models.BooleanField("是否在广东省内（除深圳）从事会计工作")
    holds_certificate = models.BooleanField("是否持有会计专业技术资格证书")
    consent_version = models.CharField("同意的个人信息告知版本", max_length=20)
    consented_at = models.DateTimeField("同意时间")
    registered_at = models.DateTimeField("注册时间", auto_now_add=True)
    collected_at = models.DateTimeField("完成信息采集时间", null=True, blank=True)
    # Closed: phone and document number are empty, the keyed hash finds the account when its owner registers again.
    closed_at = models.DateTimeField("注销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会计人员"
        constraints = [
            # The key leads, since a typed number is looked up under several types at once.
            models.UniqueConstraint(
                fields=["document_key", "document_type"], name="accountant_one_per_document"
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def from_db(cls, db, field_names, values):
        accountant = super().from_db(db, field_names, values)
        accountant.remember()
        return accountant

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        self.remember()

    def remember(self):
        """Note the six items as they were read."""
        self.as_read = {name: vars(self)[name] for name in self.IMMUTABLE if name in vars(self)}

    def save(self, *args, **kwargs):
        """Refuse a change of the six; what the document does not tell may be told until 信息采集 is finished.

        Corrections by staff and the closing of an account go through querysets, in services that write the audit.
        """
        held = self.IMMUTABLE if self.is_collected else self.OF_THE_DOCUMENT
        if any(name in held and vars(self)[name] != value for name, value in self.as_read.items()):
            raise DomainError("姓名、证件、性别、出生日期和所属国家不能变更", code="immutable")
        super().save(*args, **kwargs)

    @staticmethod
    def key_of_document(document_type, number):
        """The look-up key of one normalised number under one type (64 hex digits)."""
        return keyed_hash("document", f"{document_type}:{comparison_form(document_type, number)}")

    @staticmethod
    def key_of_phone(phone):
        """The look-up key of one normalised phone (64 hex digits)."""
        return keyed_hash("phone", phone)

    @property
    def is_closed(self):
        return self.closed_at is not None

    @property
    def is_collected(self):
        return self.collected_at is not None

    @property
    def sixteenth_birthday(self):
        """The day the person turned 16, or None while the birth date is unknown."""
        if self.birth_date is None:
            return None
        # 29 February counts as 1 March in a year without it.
        try:
            return self.birth_date.replace(year=self.birth_date.year + 16)
        except ValueError:
            return self.birth_date.replace(year=self.birth_date.year + 16, month=3, day=1)
