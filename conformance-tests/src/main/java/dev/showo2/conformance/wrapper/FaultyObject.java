package dev.showo2.conformance.wrapper;

import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.DenoiseStepRequest.Branch;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;

/** A backend, stage, tensor, cache or stream whose calls may go wrong. */
record FaultyObject(FaultyCalls calls, Object real) implements InvocationHandler {

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> "Cranky" + real;
      };
    }
    Object[] inner =
        arguments == null ? null : Arrays.stream(arguments).map(this::unwrapped).toArray();
    return wrapped(method.getReturnType(), calls.call(real, method, inner));
  }

  private Object wrapped(Class<?> type, Object result) {
    if (result instanceof TimeFeatures features) {
      return new TimeFeatures(around(features.vector()), around(features.token()));
    }
    if (result instanceof LatentDistribution latents) {
      return new LatentDistribution(around(latents.mean()), around(latents.logVariance()));
    }
    if (result instanceof List<?> tensors) {
      return tensors.stream().map(tensor -> around((Tensor) tensor)).toList();
    }
    return type.isInterface() && result != null ? wrappedAs(type, result) : result;
  }

  private <T> T wrappedAs(Class<T> type, Object result) {
    return calls.around(type, type.cast(result));
  }

  private Tensor around(Tensor tensor) {
    return calls.around(Tensor.class, tensor);
  }

  /** What the real object knows of an argument: what it handed out itself. */
  private Object unwrapped(Object argument) {
    if (argument instanceof BackboneRequest request) {
      return BackboneRequest.of(
          real(request.cache()),
          request.embeddings().stream().map(this::real).toList(),
          request.attention());
    }
    if (argument instanceof FlowHeadRequest request) {
      return FlowHeadRequest.of(
          real(request.cache()),
          real(request.hidden()),
          request.attention(),
          request.time().map(this::real));
    }
    if (argument instanceof FusionRequest request) {
      return FusionRequest.of(real(request.latents()), request.grid());
    }
    if (argument instanceof LanguageHeadRequest request) {
      return LanguageHeadRequest.of(real(request.hidden()), request.lastOnly());
    }
    if (argument instanceof DenoiseStepRequest request) {
      return real(request);
    }
    if (argument instanceof List<?> requests) {
      return requests.stream().map(this::unwrapped).toList();
    }
    return argument instanceof Tensor tensor ? real(tensor) : argument;
  }

  private DenoiseStepRequest real(DenoiseStepRequest request) {
    DenoiseStepRequest.Builder inner =
        DenoiseStepRequest.builder(
            real(request.latents()), request.time(), real(request.conditional()));
    request.unconditional().ifPresent(branch -> inner.guidance(real(branch), request.guidance()));
    return inner.build();
  }

  private Branch real(Branch branch) {
    return Branch.of(real(branch.backbone()), real(branch.flowHead()));
  }

  private Tensor real(Tensor tensor) {
    return (Tensor) realOrSame(tensor);
  }

  private KvCache real(KvCache cache) {
    return (KvCache) realOrSame(cache);
  }

  /** What is not from here is left to the backend to refuse. */
  private Object realOrSame(Object object) {
    return Proxy.isProxyClass(object.getClass())
            && Proxy.getInvocationHandler(object) instanceof FaultyObject own
            && own.calls == calls
        ? own.real
        : object;
  }
}
