"""What residents send in, from the staff's side: the queue, and the page of one voice."""
