/**
 * The models that an export starts from: a checkpoint folder of the released layout, or a bundle.
 */
package dev.showo2.export.internal.source;
