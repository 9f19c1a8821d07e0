"""Many runs of the chain: comparisons and sensitivities."""
