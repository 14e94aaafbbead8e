/** An application on the module path. */
module example.consumer {
  requires dev.showo2.api;
  // Of images; a module without a descriptor of its own cannot pass it on.
  requires java.desktop;
}
