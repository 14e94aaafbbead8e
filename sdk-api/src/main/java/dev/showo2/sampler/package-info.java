/**
 * Noise, time schedules, ODE solvers and token sampling: the host arithmetic between two runs of
 * the model. It depends on no engine, and equal inputs give equal results on every machine.
 */
package dev.showo2.sampler;
