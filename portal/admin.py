"""Staff pages for those who sign in. Only administrators see them."""

import rules
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResult

from portal.models import User
from programs.admin.base import ScopedAdmin
from programs.admin.forms import ScopedForm
from programs.permissions import Person, Rights, Who, grant


@rules.predicate
def is_stronger(user: Person, other: User | None = None) -> bool:
    """Nobody rises by taking over a superuser's account."""
    return other is not None and other.is_superuser and not user.is_superuser


ADMINISTRATOR = Who.A
grant(
    User,
    Rights(
        view=ADMINISTRATOR,
        add=ADMINISTRATOR,
        change=ADMINISTRATOR,
        delete=ADMINISTRATOR,
        use=ADMINISTRATOR | Who.ANY,  # a project leader says who sits in a group
    ),
    never=is_stronger,
)

# Roles come from memberships alone; Django's own groups would be a second way.
admin.site.unregister(Group)
# The letters themselves tell staff what happened to them; the task queue is for operators.
admin.site.unregister(DBTaskResult)


class LowercaseEmail(forms.ModelForm):
    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class UserAddForm(LowercaseEmail, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]


class UserEditForm(LowercaseEmail, UserChangeForm, ScopedForm):
    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_staff"]


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    form = UserEditForm
    add_form = UserAddForm
    fieldsets = [
        (None, {"fields": ["email", "password", "name"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    "email",
                    "name",
                    "is_staff",
                    "usable_password",
                    "password1",
                    "password2",
                ],
            },
        ),
    ]
    readonly_fields = ["is_superuser", "last_login", "date_joined"]
    filter_horizontal = []
    ordering = ["name"]
    list_display = ["name", "email", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["name", "email"]
