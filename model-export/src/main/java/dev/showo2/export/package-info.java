/**
 * Turns a checkpoint into a bundle: {@link dev.showo2.export.ModelExporter} is the door, the rest
 * are the steps behind it.
 *
 * <p>Reader → architecture → weights per stage → graphs → manifest → check. Values stream, so
 * memory does not grow with the model; a bundle appears at its path complete or not at all.
 */
package dev.showo2.export;
