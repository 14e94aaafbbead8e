/** Examples of programs that embed the SDK. */
package dev.showo2.samples.embedding;
