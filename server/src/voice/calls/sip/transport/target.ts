/** Where messages go: one transport address of a far end. */
export interface Target {
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** An IP literal, v6 without brackets. */
  readonly address: string;
  readonly port: number;
  /** The host as configured: sent as TLS's SNI, and the name that its certificate must be for. Of no meaning to the other two. */
  readonly serverName: string;
}

/** Where the far end reaches us: what Via, Contact and SDP say. */
export interface Local {
  /** An IP literal, v6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Two targets with the same key share a connection. */
export function targetKey({ transport, address, port, serverName }: Target): string {
  return transport === 'tls' ? `tls|${address}|${port}|${serverName}` : `${transport}|${address}|${port}`;
}
