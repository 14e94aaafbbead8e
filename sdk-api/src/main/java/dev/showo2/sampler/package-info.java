/**
 * Noise, time schedules, ODE solvers, guidance and token sampling: the host arithmetic between two
 * runs of the model. Nothing here knows an engine, and equal inputs give equal results on every
 * machine.
 */
package dev.showo2.sampler;
