import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';

// Loaded into a service before its own code (NODE_OPTIONS=--import): its resolvers ask the name server of a test, as those of a machine
// ask the one in /etc/resolv.conf.

const server = process.env['E2E_NAME_SERVER'] ?? '';

dns.Resolver = class extends dns.Resolver {
  constructor(...options: ConstructorParameters<typeof dns.Resolver>) {
    super(...options);
    this.setServers([server]);
  }
};
syncBuiltinESMExports();
