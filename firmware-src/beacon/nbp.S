/*
 * nbp.S - a network boot program for BIOS machines that tells, in one line on
 * the serial port, that it was reached, and with which cached DHCP answer.
 *
 * PXE 2.1, 3.3.5: loaded at 0:7c00 and called with !PXE at 4(%sp).
 */
	.code16
	.globl	_start

PXENV_GET_CACHED_INFO = 0x71
PACKET_DHCP_ACK = 2
PACKET_CACHED_REPLY = 3
PXE_ENTRY = 0x10
BOOTP_YIADDR = 16
BOOTP_SIADDR = 20
BOOTP_FILE = 108

	.text
_start:
	movw	%sp, %bp
	lesw	4(%bp), %di
	ljmp	$0, $1f
1:	xorw	%ax, %ax
	movw	%ax, %ds
	cld
	movw	$begin, %si
	call	puts
	cmpl	$0x45585021, %es:(%di)	/* "!PXE" */
	jne	no_pxe
	movl	%es:PXE_ENTRY(%di), %eax
	movl	%eax, entry

	movw	$PACKET_DHCP_ACK, %ax
	call	cached
	jnz	done
	movw	$ip, %si
	call	puts
	movw	buffer, %di
	addw	$BOOTP_YIADDR, %di
	call	put_ip

	movw	$PACKET_CACHED_REPLY, %ax
	call	cached
	jnz	done
	movw	$next_server, %si
	call	puts
	movw	buffer, %di
	addw	$BOOTP_SIADDR, %di
	call	put_ip
	movw	$file, %si
	call	puts
	movw	buffer, %di
	addw	$BOOTP_FILE, %di
	call	put_far
	jmp	done

no_pxe:
	movw	$nothing, %si
	call	puts
done:
	movw	$end, %si
	call	puts
1:	hlt
	jmp	1b

/* cached: the packet of type ax; es:buffer, and zero if there is one */
cached:
	movw	%ax, type
	xorl	%eax, %eax
	movw	%ax, status
	movl	%eax, size		/* and the offset: by reference */
	movl	%eax, buffer
	pushw	%ds
	pushw	$parameters
	pushw	$PXENV_GET_CACHED_INFO
	lcall	*entry
	addw	$6, %sp
	movw	buffer + 2, %es
	testw	%ax, %ax
	ret

	.include "serial.inc"

begin:		.asciz	"\r\nPXETOOL-BEACON stage=nbp"
ip:		.asciz	" ip="
next_server:	.asciz	" next-server="
file:		.asciz	" file="
nothing:	.asciz	" no-pxe"
end:		.asciz	" end\r\n"

	.balign	4
entry:		.long	0
parameters:
status:		.word	0
type:		.word	0
size:		.word	0
buffer:		.word	0, 0		/* offset, segment */
limit:		.word	0
