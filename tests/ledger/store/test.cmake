# Power cuts and failing calls, one run for each.
set(TEST_TIMEOUT 300)
