const TOKEN = /^otp_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** An id as the vendor's clients keep them: `otp_` and 32 hexadecimal digits, so that it leads back to the id by itself. */
export function ticketOf(id: string): string {
  return `otp_${id.replaceAll('-', '')}`;
}

/** The id behind `ticketOf`'s text; null for anything else. */
export function idOfTicket(ticket: unknown): string | null {
  const parts = typeof ticket === 'string' ? TOKEN.exec(ticket.trim().toLowerCase()) : null;
  return parts === null ? null : parts.slice(1).join('-');
}
