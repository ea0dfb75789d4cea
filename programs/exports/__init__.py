"""The lists in forms that machines read: tables, feeds and calendars. Only what is public."""
