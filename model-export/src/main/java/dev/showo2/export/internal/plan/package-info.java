/**
 * Planning of an export: the storage type of each weight, the file that it goes to, and the size of
 * the whole.
 */
package dev.showo2.export.internal.plan;
