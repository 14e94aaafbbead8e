/*
 * Stands in for NVIDIA's libraries where a test looks at how TensorRT is looked for. One file is
 * compiled to all of them. The environment says what they find: STUB_COUNT (an error code of
 * cudaGetDeviceCount, negative, or a count), STUB_BUILDER (1 for a builder, else none).
 */
#include <stdlib.h>
#include <unistd.h>

static int number(const char *name) {
  const char *text = getenv(name);
  return text ? atoi(text) : 0;
}

static void say(const char *text) {
  const char *end = text;
  while (*end) end++;
  if (write(1, text, end - text) < 0) abort();
}

int cudaGetDeviceCount(int *count) {
  int found = number("STUB_COUNT");
  *count = found < 0 ? 0 : found;
  return found < 0 ? -found : 0;
}

int cudaSetDevice(int index) { return index ? 101 : 0; }
int cudaGetLastError(void) { return 0; }
const char *cudaGetErrorName(int code) { return code ? "cudaErrorStub" : "cudaSuccess"; }
const char *cudaGetErrorString(int code) { return code ? "an error of the stub" : "none"; }

int getNvOnnxParserVersion(void) { return 1; }

/* What C++ makes of a class whose first virtual function is its destructor. */
typedef struct Object { void **functions; } Object;

static void destruct(Object *object) { (void) object; abort(); }
static void destruct_and_free(Object *object) { free(object); say("builder deleted\n"); }
static void *functions[] = {(void *) destruct, (void *) destruct_and_free};

void *createInferBuilder_INTERNAL(void *logger, int version) {
  (void) version;
  if (number("STUB_BUILDER")) {
    Object *object = malloc(sizeof(Object));
    object->functions = functions;
    return object;
  }
  /* The first virtual function of a logger of TensorRT 10 takes severity and message. */
  void (*log)(void *, int, const char *) = (void (*)(void *, int, const char *)) **(void ***) logger;
  log(logger, 3, "an information");
  log(logger, 1, "first line\nsecond line");
  return NULL;
}

/* Without a driver it would return something that ends the process later. */
void *createInferRuntime_INTERNAL(void *logger, int version) {
  (void) logger;
  (void) version;
  say("createInferRuntime was called\n");
  abort();
}
