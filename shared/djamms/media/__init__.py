"""Reading audio and pictures. Knows no database and no bucket."""
