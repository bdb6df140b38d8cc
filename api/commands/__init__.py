"""One module per subcommand; each is loaded only when it is called."""
