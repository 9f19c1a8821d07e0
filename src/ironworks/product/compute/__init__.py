"""The robot's computer: chips, workloads, roofline latencies, and a schedule that meets deadlines or says why not."""
