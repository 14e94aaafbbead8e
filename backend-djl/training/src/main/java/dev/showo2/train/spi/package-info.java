/**
 * The computing half of training, which a backend implements: losses, gradients and updates of the
 * weights of one model. Data, recipes and runs know no engine.
 */
package dev.showo2.train.spi;
