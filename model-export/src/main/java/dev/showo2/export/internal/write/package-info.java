/** Writing of the files of a bundle. */
package dev.showo2.export.internal.write;
