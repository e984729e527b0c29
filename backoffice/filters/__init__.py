"""Filters of the lists, one file per room. Each narrows along an index, or says in core how it stays quick."""

# ruff: noqa: F401
from backoffice.filters.applications import (
    AgeBandFilter,
    AgeFilter,
    AssessorFilter,
    BatchFilter,
    CaseSexFilter,
    CaseVenueFilter,
    CompletenessFilter,
    EmployerFilter,
    FileFilter,
    InstitutionFilter,
    InvitedByFilter,
    LackFilter,
    LackReasonFilter,
    OfficerFilter,
    OfOneLackMixin,
    ProvinceFilter,
    RegencyFilter,
    ReminderFilter,
    SchemeFilter,
    SendingFilter,
    SessionFilter,
    StageFilter,
    StatusFilter,
    UnitFilter,
)
from backoffice.filters.base import ChoiceFilter, PickFilter, PickForm, WordFilter
from backoffice.filters.certificates import (
    BlankFilter,
    CertificateSchemeFilter,
    CertificateStateFilter,
    HolderNikFilter,
    PastCertificateNikFilter,
    PastCertificateStateFilter,
    PastHolderFilter,
    SurveillanceFilter,
    SurveillanceNikFilter,
    SurveillanceSchemeFilter,
)
from backoffice.filters.days import DateRangeFilter, DayRangeFilter
from backoffice.filters.deleted import DeletedKindFilter
from backoffice.filters.documents import (
    CaseFilter,
    DocumentCaseStatusFilter,
    DocumentNikFilter,
    DocumentSchemeFilter,
    DocumentStateFilter,
    DocumentTypeFilter,
    FiledFilter,
    OfCaseMixin,
    OwnerFilter,
    TextFilter,
    UploadDaysFilter,
    UploaderFilter,
)
from backoffice.filters.inquiries import AssigneeFilter, TicketAgeFilter, TicketStateFilter, TopicFilter
from backoffice.filters.institutions import OfInstitutionFilter
from backoffice.filters.messaging import OutboxStatusFilter, TemplateFilter
from backoffice.filters.nik import NIK_SALT, NikFilter, nik_token
from backoffice.filters.people import (
    ActiveFilter,
    AssessorActiveFilter,
    ConfirmedFilter,
    HasApplicationFilter,
    LastLoginFilter,
    ProfileInstitutionFilter,
    ProfileNikFilter,
    ProfileProvinceFilter,
    ProfileRegencyFilter,
    RoleFilter,
    SexFilter,
)
from backoffice.filters.queue import QUEUES, QueueFilter, current_queue
from backoffice.filters.sessions import MonthFilter, SessionSchemeFilter, VenueFilter
