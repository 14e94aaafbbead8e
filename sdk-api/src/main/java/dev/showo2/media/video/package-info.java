/** Videos between files and models, frame by frame. */
package dev.showo2.media.video;
