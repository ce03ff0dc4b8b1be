#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Drives twinlockd with Perl's FCGI::Client (Debian package libfcgi-client-perl). Arguments: "unix" PATH or "tcp" HOST PORT.
# One JSON object a line on standard input, and one line back: as in npm_client.cjs, but one request after another, each over a
# connection of its own, which is all that this client can do.
use strict;
use warnings;
use FCGI::Client;
use IO::Socket::INET;
use IO::Socket::UNIX;
use JSON::PP;
use MIME::Base64;

my ($transport, $where, $port) = @ARGV;
my $json = JSON::PP->new->utf8->canonical;
$| = 1;

sub connected {
    my $socket = $transport eq 'unix'
        ? IO::Socket::UNIX->new(Peer => $where)
        : IO::Socket::INET->new(PeerAddr => $where, PeerPort => $port);
    return $socket || die "perl_client: cannot connect to $where: $!\n";
}

sub ask {
    my ($request) = @_;
    my $client = FCGI::Client::Connection->new(sock => connected());
    my ($stdout, $stderr, $exit) = $client->request($request->{params}, decode_base64($request->{body}));
    return { stdout => encode_base64($stdout // '', ''), stderr => encode_base64($stderr // '', ''), exit => 0 + $exit };
}

while (my $line = <STDIN>) {
    my @answers = map { ask($_) } @{ $json->decode($line)->{requests} };
    print $json->encode({ answers => \@answers }), "\n";
}
