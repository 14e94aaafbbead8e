package dev.showo2.error;

import org.apiguardian.api.API;

/**
 * The root of everything the SDK throws on purpose. A message says what was expected, what was
 * found and what to do.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract sealed class ShowO2Exception extends RuntimeException
    permits BackendException,
        CancelledException,
        DecodingException,
        InvalidModelException,
        InvalidRequestException,
        InsufficientMemoryException,
        UnsupportedFeatureException {

  private static final long serialVersionUID = 1L;

  ShowO2Exception(String message, Throwable cause) {
    super(message, cause);
  }
}
