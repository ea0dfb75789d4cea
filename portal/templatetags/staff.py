"""The bar above every staff page, Django's own admin pages among them."""

from typing import Any

from django import template

from portal.staff_menu import menu_for

register = template.Library()


@register.inclusion_tag("portal/staff/_bar.html", takes_context=True)
def staff_bar(context: template.Context) -> dict[str, Any]:
    request = context["request"]
    return {
        "menu": menu_for(request.user, request.path),
        "user": request.user,
        "municipality": context["municipality"],
        "csrf_token": context.get("csrf_token"),
    }
