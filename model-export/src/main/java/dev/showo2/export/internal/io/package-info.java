/**
 * Reading of untrusted files and writing that leaves nothing half done, for all parts of an export.
 */
package dev.showo2.export.internal.io;
