/**
 * One class for each task, with an immutable request and a result. Pipelines compose the stages of
 * whichever backend is open, close every tensor and cache that they get, also on failure, and are
 * thread-safe.
 *
 * <p>Requests and options are final classes with {@code of}, {@code builder} and {@code toBuilder}:
 * a setting can be added without breaking a program that was compiled before. Results are records.
 */
package dev.showo2.pipeline;
