/**
 * One class for each task, with an immutable request and a result. Pipelines compose the stages of
 * whichever backend is open, close every tensor and cache that they get, also on failure, and may
 * be used by several threads at once.
 */
package dev.showo2.pipeline;
