/** Writing of the files of bundles and checkpoints. */
package dev.showo2.export.internal.write;
