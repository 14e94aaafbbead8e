/** Native libraries that artifacts carry: the folder in which they are unpacked, and loading. */
package dev.showo2.natives.internal;
