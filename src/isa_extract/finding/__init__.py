"""One engine turns rules into mentions; the other files give mentions their values."""
