"""The demo world: schools, courses, people and notices to try the platform with. Exists in demo mode only."""
