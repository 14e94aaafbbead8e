// Both runs answered, and both drew the same image.
List<String> answers = new File(basedir, 'build.log').readLines().findAll { it.contains(' with onnx: ') }
assert answers.size() == 2
assert answers[0].contains('unnamed module') && answers[1].contains('module example.consumer')
assert answers.every { it.contains(': A red circle') }
byte[] drawn = new File(basedir, 'target/class-path.png').bytes
boolean same = drawn.length > 0 && drawn == new File(basedir, 'target/module-path.png').bytes
assert same
