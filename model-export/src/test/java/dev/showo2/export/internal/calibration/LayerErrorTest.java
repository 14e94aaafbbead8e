package dev.showo2.export.internal.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.internal.quantization.WeightEncoding;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerErrorTest {

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "ar-EG-u-nu-arab"})
  void readsTheSameInEveryLocale(String language) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(language));
    try {
      LayerError error =
          new LayerError(
              "a.weight", WeightEncoding.INT8, 0.01234, 0.5, new ErrorLimits(0.03, 0.25));
      assertEquals(
          "a.weight INT8: error 0.0123 (at most 0.030), worst token 0.5000 (at most 0.250)",
          error.toString());
    } finally {
      Locale.setDefault(before);
    }
  }
}
