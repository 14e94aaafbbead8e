package dev.showo2.backend.tensorrt.internal.nvinfer;

import org.bytedeco.cuda.cudart.cudaHostFn_t;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Deletes C++ objects as {@code delete} does.
 *
 * <p>TensorRT's objects are freed by {@code delete} alone, and JavaCPP's classes of them (1.5.13,
 * 1.5.14) cannot do that: what a {@code create…} returns has no deallocator, so that {@code close}
 * and {@code deallocate} leave the object, and with it an engine's weights on the GPU. Their
 * destructors are virtual, and where C++ follows the Itanium ABI, as on Linux, the table of virtual
 * functions holds one that destroys the object and frees its memory, with the object as its only
 * argument. JavaCPP calls it as a function of the type {@code void (*)(void *)}.
 */
final class VirtualDestructor {

  /** Index in the table of an object whose first virtual function is its destructor. */
  static final int FIRST = 1;

  private VirtualDestructor() {}

  /**
   * Deletes an object.
   *
   * @param address of the object; nothing happens for 0
   * @param index of the deleting destructor in the table of virtual functions
   */
  static void delete(long address, int index) {
    if (address == 0) {
      return;
    }
    Pointer object = NativeMemory.at(address);
    long table = new LongPointer(object).get();
    // A function pointer of JavaCPP is the address of a place that holds the function's address.
    new cudaHostFn_t(NativeMemory.at(table + (long) index * Long.BYTES)).call(object);
  }
}
