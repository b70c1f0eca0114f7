"""What the apps contribute to each other's pages and acts: lower apps find the upper ones here, by name alone."""

# The home page's parts come from the apps, lowest first; each callable takes the request and returns a context.
HOME_PANELS = [
    "registration.panels.announcements",
    "collection.panels.standing",
    "education.panels.credits",
]

# Read together with the account in one query, since nearly every page of a member needs them.
ACCOUNT_RELATED = ["accountant", "accountant__profile"]
# From an accountant to the code of the division whose staff are in charge.
ACCOUNT_DIVISION_PATH = "profile__division"
# From the scope of staff to the name of what they are in charge of, "" for none.
SCOPE_NAME = "collection.codes.scope_name"

# A person's own data as each app gives it (a callable from accountant to registration.export.Part), lowest app first.
EXPORT_PARTS = [
    "registration.own_data.part",
    "collection.export.part",
    "education.export.part",
    "profile_changes.export.part",
]
# What the kinds of audit rows are called, lowest app first.
AUDIT_EVENTS = [
    "registration.audit_events.NAMES",
    "collection.audit_events.NAMES",
    "education.audit_events.NAMES",
    "profile_changes.audit_events.NAMES",
]
# What closing an account erases, the highest app first: modules with warnings, erase and reopen.
CLOSING_PARTS = ["profile_changes.closing", "education.closing", "collection.closing"]
# Sealed files that rows name: they are sealed anew with the columns when keys change.
SEALED_FILES = [
    "registration.export.FILES",
    "registration.papers.FILES",
    "collection.picture_files.PICTURE_FILES",
    "collection.picture_files.UPLOAD_FILES",
    "collection.employer_import.FILES",
    "education.proofs.PICTURE_FILES",
    "education.proofs.UPLOAD_FILES",
]
# Papers that people hold, print and share: classes of registration.papers.Sheet.
PAPERS = ["collection.archive_paper.ArchiveSheet", "education.ledger.certificate_paper.CertificateSheet"]
