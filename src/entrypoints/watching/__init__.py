"""What a process lets others see of it: lines, figures, traces, health."""
