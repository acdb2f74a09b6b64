#!/usr/bin/perl
# An SMSC that this project did not write: Perl's Net::SMPP (Debian: libnet-smpp-perl) decodes and encodes every PDU; this script
# only moves octets between it and sockets, so that ten thousand messages with their receipts take about a second.
#
# It prints one JSON object a line:
#   {"event":"listening","port":N}                      first of all
#   {"event":"bind","mode":"transceiver","system_id":"…","password":"…","status":0}
#   {"event":"message","id":"…","system_id":"…", every field of the submit_sm; short_message and TLVs in hex}
#   {"event":"receipt_answer","id":"…","status":0}      a deliver_sm_resp
#   {"event":"malformed","length":N}                    a PDU length that cannot be; the connection is closed
#   {"event":"end","messages":N,"receipts":N,"receipt_answers":N}   last of all, after SIGTERM or the end of standard input
#
# Options:
#   --port N           where to listen on 127.0.0.1; 0 (default): any free port
#   --receipts MODE    none (default) | delivered | undelivered | tlv | early
#                      tlv: no text, receipted_message_id and message_state; early: sent before the submit_sm_resp
#                      Sent for messages that ask for one, on the session that submitted, or on a receiver of the same system_id;
#                      kept while there is none.
#   --receipt-ids B    hex (default): as in the answer | decimal: the same number, in decimal, padded to 20 digits
#   --latency MS       from a submit_sm to its answer (default 0)
#   --status N         the status of every submit_sm_resp (default 0)
#   --password TEXT    what a bind must say; default: anything
#   --quiet            no "message" and "receipt_answer" lines
use strict;
use warnings;
use Getopt::Long;
use IO::Select;
use Net::SMPP;
use Time::HiRes qw(time);

my %option = (port => 0, receipts => 'none', 'receipt-ids' => 'hex', latency => 0, status => 0);
GetOptions(\%option, qw(port=i receipts=s receipt-ids=s latency=i status=i password=s quiet)) or exit 2;
$option{receipts} =~ /^(none|delivered|undelivered|tlv|early)$/ or die "--receipts $option{receipts}: no such mode\n";

# One connection. Net::SMPP writes each PDU by itself; here they are gathered, and sent once a turn.
package Connection;
our @ISA = ('Net::SMPP');
my %state;    # by file number
sub state_of { return $state{ $_[0]->fileno } //= { in => '', out => '', system_id => undef, mode => '', receipts => {} } }
sub forget { delete $state{ $_[0]->fileno } }
sub syswrite { $_[0]->state_of->{out} .= $_[1]; return length $_[1] }

package main;

my $LONGEST = 65536;
# The fields of a submit_sm, and what else is a number in the lines that are printed.
my @NUMBERS = qw(source_addr_ton source_addr_npi dest_addr_ton dest_addr_npi esm_class protocol_id priority_flag
    registered_delivery replace_if_present_flag data_coding sm_default_msg_id);
my @TEXTS = qw(service_type source_addr destination_addr schedule_delivery_time validity_period);
my %NUMBER = map { $_ => 1 } @NUMBERS, qw(port status length messages receipts receipt_answers interface_version);
my %MODE = (1 => 'receiver', 2 => 'transmitter', 9 => 'transceiver');
my $listener = Connection->new_listen('127.0.0.1', port => $option{port}) or die "cannot listen: $!\n";
my $readable = IO::Select->new($listener, \*STDIN);
my (@connections, @later, %kept);
my ($messages, $receipts, $receipt_answers, $running) = (0, 0, 0, 1);
$SIG{TERM} = $SIG{INT} = sub { $running = 0 };
$SIG{PIPE} = 'IGNORE';

say_line(event => 'listening', port => $listener->sockport);
STDOUT->flush;
while ($running) {
    my $writable = IO::Select->new(grep { length $_->state_of->{out} } @connections);
    my $wait = @later ? $later[0][0] - time : 3600;
    my ($reads, $writes) = IO::Select->select($readable, $writable, undef, $wait > 0 ? $wait : 0);
    for my $handle (@{ $reads // [] }) {
        if    ($handle == \*STDIN)   { sysread(STDIN, my $ignored, 4096) or $running = 0 }
        elsif ($handle == $listener) { welcome() }
        else                         { take($handle) }
    }
    while (@later && $later[0][0] <= time) { my (undef, $connection, $answer) = @{ shift @later }; $answer->() if $connection->opened }
    flush_out($_) for grep { $_->opened && length $_->state_of->{out} } @connections;
    STDOUT->flush;
}
say_line(event => 'end', messages => $messages, receipts => $receipts, receipt_answers => $receipt_answers);

sub welcome {
    my $connection = $listener->accept or return;
    $connection->blocking(0);
    $connection->state_of;
    push @connections, $connection;
    $readable->add($connection);
}

sub leave {
    my ($connection) = @_;
    $readable->remove($connection);
    @connections = grep { $_ != $connection } @connections;
    $connection->forget;
    close $connection;
}

sub take {
    my ($connection) = @_;
    my $state = $connection->state_of;
    my $got = sysread($connection, $state->{in}, 65536, length $state->{in});
    return leave($connection) if defined $got ? $got == 0 : !$!{EAGAIN};
    my $at = 0;
    while (length($state->{in}) - $at >= 16) {
        my ($length, $cmd, $status, $seq) = unpack 'NNNN', substr $state->{in}, $at, 16;
        if ($length < 16 || $length > $LONGEST) {
            say_line(event => 'malformed', length => $length);
            return leave($connection);
        }
        last if length($state->{in}) - $at < $length;
        handle($connection, decode($connection, $cmd, $status, $seq, substr $state->{in}, $at + 16, $length - 16));
        return unless $connection->opened;
        $at += $length;
    }
    substr($state->{in}, 0, $at) = '';
}

sub decode {
    my ($connection, $cmd, $status, $seq, $data) = @_;
    my $pdu = { cmd => $cmd, status => $status, seq => $seq, data => $data };
    my $known = Net::SMPP::pdu_tab->{$cmd} or return $pdu;
    $pdu->{name} = $known->{cmd};
    return $pdu if $status != 0 && $data eq '';
    my $length = $known->{decode}->($pdu, $connection);
    $pdu->{mandatory} = $length;
    Net::SMPP::decode_optional_params($pdu, $length) if $length < length $data;
    return $pdu;
}

sub handle {
    my ($connection, $pdu) = @_;
    my $name = $pdu->{name} // '';
    if    ($name =~ /^bind_(receiver|transmitter|transceiver)$/) { bound($connection, $pdu) }
    elsif ($name eq 'submit_sm')       { submitted($connection, $pdu) }
    elsif ($name eq 'deliver_sm_resp') { receipt_answered($connection, $pdu) }
    elsif ($name eq 'enquire_link')    { $connection->enquire_link_resp(seq => $pdu->{seq}) }
    elsif ($name eq 'unbind')          { $connection->unbind_resp(seq => $pdu->{seq}) }
    elsif ($pdu->{cmd} < 0x80000000)   { $connection->generic_nack(seq => $pdu->{seq}, status => 0x03) }
}

sub bound {
    my ($connection, $pdu) = @_;
    my $state = $connection->state_of;
    my $right = !defined $option{password} || $option{password} eq $pdu->{password};
    my $status = $right ? 0 : 0x0E;
    my $mode = $MODE{ $pdu->{cmd} };
    say_line(event => 'bind', mode => $mode, status => $status, map { $_ => $pdu->{$_} } qw(system_id password system_type interface_version));
    my $answer = "bind_${mode}_resp";
    $connection->$answer(seq => $pdu->{seq}, status => $status, system_id => 'Net::SMPP');
    return unless $right;
    @$state{qw(system_id mode)} = ($pdu->{system_id}, $mode);
    if ($mode ne 'transmitter') { report($connection, @$_) for splice @{ $kept{ $pdu->{system_id} } // [] } }
}

sub submitted {
    my ($connection, $pdu) = @_;
    my $state = $connection->state_of;
    if (!defined $state->{system_id} || $state->{mode} eq 'receiver') {
        return $connection->submit_sm_resp(seq => $pdu->{seq}, status => 0x04, message_id => '');
    }
    my $id = sprintf '%010X', ++$messages;
    print_message($id, $state->{system_id}, $pdu) unless $option{quiet};
    my $wanted = $option{receipts} ne 'none' && $option{status} == 0 && $pdu->{registered_delivery} & 1;
    my @receipt = ($id, $pdu->{destination_addr}, $pdu->{source_addr});
    my $answer = sub {
        route_report($state->{system_id}, $connection, @receipt) if $wanted && $option{receipts} eq 'early';
        $connection->submit_sm_resp(seq => $pdu->{seq}, status => $option{status}, message_id => $id);
        route_report($state->{system_id}, $connection, @receipt) if $wanted && $option{receipts} ne 'early';
    };
    if ($option{latency} > 0) { push @later, [time + $option{latency} / 1000, $connection, $answer] }
    else                      { $answer->() }
}

# On the session that submitted, if it is a transceiver; else on a receiver of the same customer; else later.
sub route_report {
    my ($system_id, $from, @receipt) = @_;
    my ($to) = grep { ($_->state_of->{system_id} // '') eq $system_id && $_->state_of->{mode} ne 'transmitter' } $from, @connections;
    if   ($to) { report($to, @receipt) }
    else       { push @{ $kept{$system_id} }, [@receipt] }
}

sub report {
    my ($connection, $id, $callee, $sender) = @_;
    my $shown = $option{'receipt-ids'} eq 'decimal' ? sprintf('%020d', hex $id) : $id;
    my $failed = $option{receipts} eq 'undelivered';
    my @now = gmtime;
    my $date = sprintf '%02d%02d%02d%02d%02d', $now[5] % 100, $now[4] + 1, @now[3, 2, 1];
    my @content =
        $option{receipts} eq 'tlv'
        ? (short_message => '', receipted_message_id => "$shown\0", message_state => pack('C', 2))
        : (short_message => sprintf 'id:%s sub:001 dlvrd:%s submit date:%s done date:%s stat:%s err:%s text:stat:EXPIRED 123456',
            $shown, $failed ? '000' : '001', $date, $date, $failed ? 'UNDELIV' : 'DELIVRD', $failed ? '001' : '000');
    my $seq = $connection->deliver_sm(async => 1, esm_class => 4, source_addr_ton => 1, source_addr_npi => 1,
        source_addr => $callee, destination_addr => $sender, @content);
    $connection->state_of->{receipts}{$seq} = $id;
    $receipts++;
}

sub receipt_answered {
    my ($connection, $pdu) = @_;
    my $id = delete $connection->state_of->{receipts}{ $pdu->{seq} } // '';
    $receipt_answers++;
    say_line(event => 'receipt_answer', id => $id, status => $pdu->{status}) unless $option{quiet};
}

sub flush_out {
    my ($connection) = @_;
    my $state = $connection->state_of;
    my $sent = CORE::syswrite($connection, $state->{out});
    if    (defined $sent)  { substr($state->{out}, 0, $sent) = '' }
    elsif (!$!{EAGAIN})    { leave($connection) }
}

sub print_message {
    my ($id, $system_id, $pdu) = @_;
    my %tlvs = map { sprintf('%04x', $_) => unpack 'H*', $pdu->{$_} } grep { /^\d+$/ } keys %$pdu;
    say_line(event => 'message', id => $id, system_id => $system_id, (map { $_ => $pdu->{$_} } @NUMBERS, @TEXTS),
        short_message => unpack('H*', $pdu->{short_message}), tlvs => \%tlvs);
}

sub say_line {
    my @pairs;
    while (my ($name, $value) = splice @_, 0, 2) { push @pairs, json_text($name) . ':' . ($NUMBER{$name} ? 0 + $value : json($value)) }
    print '{', join(',', @pairs), "}\n";
}

sub json {
    my ($value) = @_;
    return json_text($value) unless ref $value;
    return '{' . join(',', map { json_text($_) . ':' . json_text($value->{$_}) } sort keys %$value) . '}';
}

sub json_text {
    my ($text) = @_;
    $text =~ s/(["\\\x00-\x1f\x7f-\xff])/sprintf '\\u%04x', ord $1/ge;
    return qq("$text");
}
