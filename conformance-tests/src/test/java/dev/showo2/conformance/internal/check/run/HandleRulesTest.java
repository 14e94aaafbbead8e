package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.BackendException;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHeadRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backends that take too little care of what is closed, foreign or misshapen. */
class HandleRulesTest extends TwistedBackendTest {

  @ParameterizedTest
  @CsvSource({
    "Tensor.close, tensors, an uploaded tensor threw",
    "Tensor.close, 'results, caches and streams', a result of TextEmbedding.embed threw",
    "KvCache.close, 'results, caches and streams', what went into FlowHead.velocity hidden threw",
    "VaeEncoderStream.close, 'results, caches and streams',"
        + " what went into VaeEncoderStream.encode later chunk threw",
    "KvCache.close, forks, a fork in backbone threw",
    "Backend.close, backend, a backend threw"
  })
  void aSecondCloseThatThrows(String method, String check, String text) {
    Set<Object> closed = Collections.newSetFromMap(new IdentityHashMap<>());
    assertFails(
        Rule.R04,
        check,
        Twist.at(
            method,
            call -> {
              if (!closed.add(call.real())) {
                throw new IllegalStateException("double free");
              }
              return call.proceed();
            }),
        text + " java.lang.IllegalStateException: double free",
        "note the first time");
  }

  @ParameterizedTest
  @CsvSource({
    "Tensor.close, tensors, Tensor.read went through",
    "Tensor.close, tensors, Fusion.fuse latents went through",
    "KvCache.close, caches, fork of a cache of backbone went through",
    "KvCache.close, caches, appending to a cache of flow_head went through",
    "VaeDecoderStream.close, streams, VaeDecoderStream.decode later frame went through",
    "Backend.close, backend, Backend.upload went through",
    "Backend.close, backend, Backbone.append embeddings went through"
  })
  void aCloseThatClosesNothing(String method, String check, String text) {
    assertFails(
        Rule.R05,
        check,
        Twist.at(method, call -> null),
        text + "; IllegalStateException is needed",
        "before it touches memory");
  }

  /** What an engine says when nobody looked before it. */
  private static final Twist LEFT_TO_THE_ENGINE =
      call -> {
        try {
          return call.proceed();
        } catch (IllegalArgumentException e) {
          throw new BackendException("engine: invalid input");
        }
      };

  @ParameterizedTest
  @CsvSource({
    "R06, tensors of another backend, Fusion.fuse latents",
    "R06, caches of another backend, appending in flow_head",
    "R06, caches of the other transformer, looking back in backbone",
    "R06, caches for another batch, appending in backbone",
    "R07, misshapen tensors, 'LanguageHead.logits hidden [1, 3, 65] instead of [1, 3, 64]'"
  })
  void whatIsLeftToTheEngine(Rule rule, String check, String text) {
    assertFails(
        rule,
        check,
        LEFT_TO_THE_ENGINE,
        text
            + " threw dev.showo2.error.BackendException: engine: invalid input;"
            + " IllegalArgumentException is needed");
  }

  @Test
  void acceptedStrangers() {
    Twist hospitable =
        call -> {
          try {
            return call.proceed();
          } catch (IllegalArgumentException e) {
            return null;
          }
        };
    assertFails(
        Rule.R06,
        "tensors of another backend",
        hospitable,
        "FlowHead.append hidden went through",
        "a tensor has to know the backend that made it");
    assertFails(
        Rule.R06,
        "caches of the other transformer",
        hospitable,
        "appending in flow_head went through",
        "a cache has to know the stage that made it");
  }

  @Test
  void aRefusalThatHarmsTheCache() {
    assertFails(
        Rule.R07,
        "misshapen tensors",
        call -> {
          try {
            return call.proceed();
          } catch (IllegalArgumentException e) {
            if (call.arguments()[0] instanceof BackboneRequest request) {
              request.cache().truncate(0);
            }
            if (call.arguments()[0] instanceof FlowHeadRequest request) {
              request.cache().truncate(0);
            }
            throw e;
          }
        },
        "Backbone.append embeddings afterwards",
        "FlowHead.velocity hidden afterwards");
  }
}
