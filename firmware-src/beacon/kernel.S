/*
 * kernel.S - what looks like a Linux kernel (boot protocol 2.06, see
 * Documentation/arch/x86/boot.rst), and tells in one line on the serial port
 * that it was started, and with which command line.
 */
	.code16
	.globl	_start

SECTOR = 512

	.text
_start:
	.org	0x1f1
	.byte	1			/* sectors of setup code */
	.word	0			/* root flags */
	.long	SECTOR / 16		/* size of the rest, in 16 bytes */
	.word	0, 0xffff, 0
	.word	0xaa55
	.byte	0xeb, setup - 1f	/* jump over the header */
1:	.ascii	"HdrS"
	.word	0x0206
	.long	0			/* realmode_swtch */
	.word	0x1000
	.word	version - SECTOR
	.byte	0			/* type of loader: it fills that in */
	.byte	1			/* loaded high */
	.word	0x8000
	.long	0x100000		/* code32_start */
	.long	0, 0			/* initrd and its size */
	.long	0
	.word	0xfe00 - 0x200		/* heap_end_ptr */
	.byte	0, 0
cmd_line_ptr:
	.long	0
	.long	0x37ffffff		/* initrd_addr_max */
	.long	0x1000
	.byte	0, 0
	.word	0
	.long	255			/* cmdline_size */

setup:
	/* cs is 0x20 behind the segment that this was loaded to */
	movw	%cs, %ax
	subw	$SECTOR / 16, %ax
	movw	%ax, %ds
	movw	%ax, %ss
	movw	$0xfe00, %sp
	cld
	movw	$begin, %si
	call	puts
	movl	cmd_line_ptr, %eax
	testl	%eax, %eax
	jz	3f
	movw	$cmdline, %si
	call	puts
	movl	cmd_line_ptr, %eax
	movw	%ax, %di
	andw	$0x0f, %di
	shrl	$4, %eax
	movw	%ax, %es
	call	put_line
3:	movw	$end, %si
	call	puts
4:	hlt
	jmp	4b

/* put_line: es:di, to a NUL or 255 bytes */
put_line:
	movw	$255, %cx
1:	movb	%es:(%di), %al
	testb	%al, %al
	jz	2f
	call	putc
	incw	%di
	loop	1b
2:	ret

	.include "serial.inc"

begin:		.asciz	"\r\nPXETOOL-BEACON stage=kernel"
cmdline:	.asciz	" cmdline="
end:		.asciz	" end\r\n"
version:	.asciz	"0.1 (pxetool beacon)"

	/* the setup code's sector, and one of a kernel that is never reached */
	.org	3 * SECTOR
