// Loaded into a server before its own code: answers each message with the microseconds of CPU that all threads of the process have
// used, and ends the server with the benchmark that started it. Issuer and floor are asked in this one way.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => process.exit());
process.channel?.unref();
