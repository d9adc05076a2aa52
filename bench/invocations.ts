// A Lambda environment of its own: loads the bundle that it is told, and answers each event with what the handler makes of it.
const { handler } = await import(String(process.argv[2]));
process.on('message', async (event) => process.send?.(await handler(event)));
process.send?.('ready');
