document.write(" ");
