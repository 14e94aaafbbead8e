/**
 * A PNG decoder that reads pixels row by row and nothing else. The one of Java runtimes refuses
 * palette images for texts and other chunks that have nothing to do with their pixels, and inflates
 * such texts without limit.
 */
package dev.showo2.media.png.internal;
